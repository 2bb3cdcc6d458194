"""FastAPI and asyncpg, written for speed: SQL by hand, and no Pydantic on the way out."""
