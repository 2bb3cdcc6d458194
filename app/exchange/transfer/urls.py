from django.urls import path

from app.exchange.transfer import views

urlpatterns = [
    path("export/", views.Exports.as_view()),
    path("imports/", views.ImportCollection.as_view()),
    path("imports/<id:import_id>/", views.ImportItem.as_view()),
    path("imports/<id:import_id>/apply/", views.ImportApplication.as_view()),
]
