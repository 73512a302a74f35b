use std::sync::{Arc, Condvar, Mutex};

use db::Engine;
use tokio::sync::Notify;

/// Holds a body up in the middle, so that tests decide what happens meanwhile. On SQLite it blocks the body's thread (there a
/// body may not wait for anything), on PostgreSQL it waits.
#[derive(Clone, Default)]
pub struct Gate(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
    arrived: Notify,
    opened: Notify,
}

#[derive(Default)]
struct State {
    open: bool,
}

impl Gate {
    /// For the body: says that it is here and waits until the gate is open.
    pub async fn pass(&self, engine: Engine) {
        self.0.arrived.notify_one();
        match engine {
            Engine::Sqlite => {
                drop(self.0.changed.wait_while(self.0.state.lock().unwrap(), |state| !state.open).unwrap())
            }
            Engine::Postgres => {
                let opened = self.0.opened.notified();
                if !self.0.state.lock().unwrap().open {
                    opened.await;
                }
            }
        }
    }
    /// For the test: waits until a body is at the gate.
    pub async fn arrived(&self) {
        self.0.arrived.notified().await;
    }
    /// Lets everybody through from now on.
    pub fn open(&self) {
        self.0.state.lock().unwrap().open = true;
        self.0.changed.notify_all();
        self.0.opened.notify_waiters();
    }
}
