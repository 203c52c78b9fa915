"""Side by side: what a developer would build in an afternoon, peer frameworks, and the product."""
