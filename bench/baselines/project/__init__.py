"""A Django project on the tables of Doable, as `startproject` begins one; `drf` and `ninja` build on it."""
