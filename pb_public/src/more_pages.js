// The pages that aren't needed at first. They are loaded together, after the first one: see app.js.
export { ActivityPage } from './pages/activity.js';
export { AtlassianCallbackPage } from './pages/atlassian_callback.js';
export { AuthorizePage } from './pages/authorize.js';
export { ConfirmEmailPage } from './pages/confirm_email.js';
export { ForgotPasswordPage } from './pages/forgot_password.js';
export { HelpPage } from './pages/help.js';
export { MeetingPage } from './pages/meeting.js';
export { ResetPasswordPage } from './pages/reset_password.js';
export { SearchPage } from './pages/search.js';
export { SettingsPage } from './pages/settings.js';
export { UploadPage } from './pages/upload.js';
export { VerifyEmailPage } from './pages/verify_email.js';
