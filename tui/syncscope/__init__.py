"""Syncscope's terminal application."""
