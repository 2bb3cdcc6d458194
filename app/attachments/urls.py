from django.urls import path

from app.attachments import views

urlpatterns = [
    path("todos/<id:todo_id>/attachments/", views.AttachmentCollection.as_view()),
    path("attachments/<id:attachment_id>/", views.AttachmentItem.as_view()),
    path("attachments/<id:attachment_id>/content/", views.AttachmentContent.as_view()),
]
