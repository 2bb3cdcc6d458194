"""django-ninja on Django's ORM."""
