from django.urls import path

from app.accounts.views import account, api_tokens, emails, login, passwords, registration, sessions

urlpatterns = [
    path("csrf/", login.CSRF.as_view()),
    path("register/", registration.Register.as_view()),
    path("login/", login.Login.as_view()),
    path("logout/", login.Logout.as_view()),
    path("reauthenticate/", login.Reauthenticate.as_view()),
    path("me/", account.Me.as_view()),
    path("password/change/", passwords.ChangePassword.as_view()),
    path("password/reset/", passwords.ResetPassword.as_view()),
    path("password/reset/confirm/", passwords.ConfirmPasswordReset.as_view()),
    path("email/verify/", registration.VerifyEmail.as_view()),
    path("email/change/", emails.ChangeEmail.as_view()),
    path("email/change/confirm/", emails.ConfirmEmailChange.as_view()),
    path("sessions/", sessions.SessionCollection.as_view()),
    path("sessions/<id:session_id>/", sessions.SessionItem.as_view()),
    path("tokens/", api_tokens.TokenCollection.as_view()),
    path("tokens/<id:token_id>/", api_tokens.TokenItem.as_view()),
]
