use futures_util::future::BoxFuture;

use crate::{Outcome, Outgoing, Provider, mask};

/// Sends nothing: writes a line to the log and leaves the text in the outbox, for the demo company and for trying things out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Log {
    /// What a segment would cost, in fen.
    pub fen_per_segment: i64,
}

impl Provider for Log {
    fn idempotent(&self) -> bool {
        true
    }
    fn fen_per_segment(&self) -> i64 {
        self.fen_per_segment
    }
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome> {
        tracing::info!(
            message = %message.id,
            to = mask(message.channel, message.to.as_str()),
            template = message.template,
            "a message stays in the outbox: no provider is set up"
        );
        Box::pin(std::future::ready(Outcome::Accepted(format!("log-{}", message.id))))
    }
}
