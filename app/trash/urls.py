from django.urls import path

from app.trash import views

urlpatterns = [
    path("", views.TrashCollection.as_view()),
    path("<id:trashed_id>/", views.TrashItem.as_view()),
    path("<id:trashed_id>/restore/", views.TrashRestoration.as_view()),
]
