//! A last stage that looks at the records: what it saw is the one record that comes out of its pipeline.

use std::marker::PhantomData;
use std::mem::take;

use forebay::prelude::*;

use crate::ends::Drain;
use crate::work::{Bad, Eye, PANICS, Work};

/// Looks at every record.
pub(crate) struct Sink<W, E> {
    eye: E,
    of: PhantomData<fn(W)>,
}

impl<W: Work, E: Eye<W>> Default for Sink<W, E> {
    fn default() -> Self {
        Sink {
            eye: E::default(),
            of: PhantomData,
        }
    }
}

#[stage]
impl<W: Work, E: Eye<W>> Sink<W, E> {
    fn process(&mut self, mut record: W) -> Result<(), Bad> {
        // No record of a run makes it fail, nor panic; the optimiser does not know that.
        if *record.word() >= PANICS {
            return Err(Bad);
        }
        self.eye.look(&record);
        Ok(())
    }
    fn finish(&mut self) -> Option<E> {
        Some(take(&mut self.eye))
    }
}

/// The output behind a sink.
pub(crate) struct Sunk<E: Send + 'static>(pub(crate) AsyncStream<E, 1>);

impl<W: Work, E: Eye<W>> Drain<W, E> for Sunk<E> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        if let Some(seen) = self.0.recv().await {
            *eye = seen;
        }
        false
    }
}
