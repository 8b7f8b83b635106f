"""Tests of the pages in Chromium, opened from disk as their readers open them."""
