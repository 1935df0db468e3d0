//! What people see.

mod answer;
mod progress;
mod table;

pub use answer::Screen;
pub use progress::Progress;
pub use table::load_report;
