"""The same few calls written in other ways, on the same tables: what Doable is compared with.

Each answers GET /api/todos/ (by status, before an instant, by cursor), GET and PATCH /api/todos/{id}/, POST /api/todos/
and GET /api/lists/ for whoever has a session in `core_session`, with the bodies that Doable has.
"""

PRIORITIES = ("none", "low", "medium", "high", "urgent")  # by their rank in the table
STATUSES = ("todo", "in_progress", "done", "cancelled")
MOST = 200  # results on a page
