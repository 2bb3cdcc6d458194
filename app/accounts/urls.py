from django.urls import path

from app.accounts import views

urlpatterns = [
    path("csrf/", views.CSRF.as_view()),
    path("register/", views.Register.as_view()),
    path("login/", views.Login.as_view()),
    path("logout/", views.Logout.as_view()),
    path("me/", views.Me.as_view()),
    path("email/verify/", views.VerifyEmail.as_view()),
]
