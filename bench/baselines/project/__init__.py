"""A Django project on the tables of Doable, as `django-admin startproject` begins one; `drf` and `ninja` build on it."""
