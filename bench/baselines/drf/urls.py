"""The paths."""

from django.urls import path

from bench.baselines.drf.views import ListViewSet, TodoViewSet

urlpatterns = [
    path("api/todos/", TodoViewSet.as_view({"get": "list", "post": "create"})),
    path("api/todos/<uuid:pk>/", TodoViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("api/lists/", ListViewSet.as_view({"get": "list"})),
]
