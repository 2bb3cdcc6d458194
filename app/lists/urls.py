from django.urls import path

from app.lists import views

urlpatterns = [
    path("", views.ListCollection.as_view()),
    path("<id:list_id>/", views.ListItem.as_view()),
]
