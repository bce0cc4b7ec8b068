"""What callers hear: the built-in prompts in Chinese and English, their synthesis at build time, and finding them."""
