"""What the answers' weights are fitted by, and the floors that they must keep."""
