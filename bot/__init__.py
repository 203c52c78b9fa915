"""吉问's front doors: the terminal command and the Telegram bot."""
