"""The whole picture on one machine without Docker: PostgreSQL, Redis or Valkey, the app, nginx.

`stack.py` is the order of things; each server has a file that says how it starts and when it is ready.
"""
