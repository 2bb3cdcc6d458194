from django.urls import path

from app.todos import views

urlpatterns = [
    path("", views.TodoCollection.as_view()),
    path("<id:todo_id>/", views.TodoItem.as_view()),
]
