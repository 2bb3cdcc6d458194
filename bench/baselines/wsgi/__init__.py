"""The limit: a bare WSGI function that does what Doable does and nothing else.

As Doable does, it takes the session from a copy in Redis, asks PostgreSQL for the user's revision, keeps pages in Redis
under it, answers 304 by it, counts it with each write, and signs its cursors. It has no framework, no ORM, no pool, no
client library between it and the socket of Redis, and does no more than one statement for a write.
"""
