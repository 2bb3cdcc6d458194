"""Path converters."""

from django.urls.converters import UUIDConverter


class IdConverter(UUIDConverter):
    """A UUID in either case, as it is taken in bodies too; some clients write capitals."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
