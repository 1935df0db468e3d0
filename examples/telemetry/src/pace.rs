//! How fast somebody speaks.

use std::time::Duration;

use tokio::{sync::watch, time::sleep};

/// A pace that can be hurried: what would make everybody wait at the end is then said at once.
#[derive(Debug)]
pub struct Pace {
    /// Nobody knows when it is over, if none: not before it is hurried.
    sentence: Option<Duration>,
    hurried: watch::Sender<bool>,
}

impl Pace {
    /// A sentence takes so long.
    pub fn of(sentence: Duration) -> Pace {
        Pace::new(Some(sentence))
    }

    /// Stops in the middle of the first sentence, until it is hurried.
    pub fn never() -> Pace {
        Pace::new(None)
    }

    fn new(sentence: Option<Duration>) -> Pace {
        Pace {
            sentence,
            hurried: watch::Sender::new(false),
        }
    }

    /// Resolves when a sentence has been said: in its time, or at once when it is hurried.
    pub async fn sentence(&self) {
        let mut hurried = self.hurried.subscribe();
        let said = async {
            match self.sentence {
                Some(time) => sleep(time).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = said => {}
            _ = hurried.wait_for(|hurried| *hurried) => {}
        }
    }

    /// From now on no sentence takes any time, the one being said among them.
    pub fn hurry(&self) {
        self.hurried.send_replace(true);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_sentence_takes_its_time_until_it_is_hurried() {
        let (pace, began) = (Pace::of(Duration::from_secs(3)), Instant::now());
        pace.sentence().await;
        assert_eq!(began.elapsed(), Duration::from_secs(3));
        tokio::join!(pace.sentence(), async { pace.hurry() });
        pace.sentence().await;
        assert_eq!(began.elapsed(), Duration::from_secs(3));
    }
}
