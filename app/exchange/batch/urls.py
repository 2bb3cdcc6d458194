from django.urls import path

from app.exchange.batch import views

urlpatterns = [path("batch/", views.BatchCall.as_view())]
