"""Many people at once before a real bot: latency, lost and doubled answers, memory."""
