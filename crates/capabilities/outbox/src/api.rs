//! The API: the same use cases as the pages.

pub(crate) mod outbox;
pub(crate) mod receipts;
pub(crate) mod settings;
pub(crate) mod texts;

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    paths(
        outbox::list,
        outbox::show,
        outbox::resend,
        receipts::take,
        settings::show,
        settings::change_mail,
        settings::change_sms,
        settings::change_quiet,
        settings::trial,
        texts::list,
        texts::show,
        texts::change,
        texts::preview
    ),
    components(schemas(
        outbox::MessageOut,
        outbox::MessagesOut,
        outbox::Again,
        settings::SettingsOut,
        settings::MailOut,
        settings::SmsOut,
        settings::QuietOut,
        settings::MailIn,
        settings::SmsIn,
        settings::QuietIn,
        settings::TrialIn,
        settings::TrialOut,
        receipts::Receipts,
        receipts::ReceiptIn,
        receipts::TakenOut,
        texts::TextOut,
        texts::TextsOut,
        texts::DraftIn,
        texts::ShownOut
    ))
)]
pub(crate) struct Description;
