"""What attachments have to have done now and then (PERIODIC_JOBS)."""

from app.attachments import services


def sweep_attachments() -> int:
    """Remove the files that belong to no attachment: of deleted todos and accounts, and of uploads that broke."""
    return services.sweep_orphans()
