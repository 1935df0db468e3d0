//! What does not compile: one function a rule, named as its UI case.
//!
//! What names and places get wrong is found where the graph is built; what only types know is left to the compiler.

mod admission;
mod concurrency;
mod cursors;
mod cycles;
mod edges;
mod extras;
mod faults;
mod options;
mod reached;
mod resources;
mod rings;

use super::ast::Context;
use super::model::Model;

/// Runs every rule; what a rule finds is reported at the user's own token.
pub(crate) fn all(model: &Model, cx: &mut Context) {
    let rules = [
        rings::capacity_zero,
        rings::capacity_not_a_power_of_two,
        rings::key_before_one_worker,
        rings::batch_larger_than_its_ring,
        admission::admission_past_an_input,
        admission::admission_without_shed,
        admission::admission_out_of_range,
        extras::priority_that_drops_the_oldest,
        extras::priority_or_key_of_an_outlet,
        extras::coalesce_that_drops_the_oldest,
        extras::coalesce_with_a_priority,
        extras::coalesce_by_another_field,
        extras::offer_to_what_never_waits,
        extras::shed_of_a_lag,
        extras::shed_of_what_goes_back,
        options::workers_zero,
        options::workers_without_a_ring,
        options::blocking_past_the_first_node,
        options::pin_past_the_first_node,
        options::batch_zero,
        options::batch_without_a_ring,
        concurrency::concurrency_below_two,
        concurrency::concurrency_without_a_ring,
        concurrency::concurrency_of_an_impl,
        concurrency::concurrency_of_a_batch,
        concurrency::concurrency_with_a_local,
        concurrency::concurrency_of_several_records,
        options::tick_on_a_function,
        options::period_zero,
        options::rebuild_of_a_function,
        options::restart_of_a_source,
        options::keep_without_effect,
        cursors::overwriting_input,
        cursors::workers_of_a_cursor,
        cursors::latest_lent_to_a_source,
        faults::fault_option_of_a_source,
        faults::fault_time_zero,
        faults::retry_zero,
        faults::breaker_zero,
        faults::rate_out_of_range,
        faults::rate_by_key_of_a_batch,
        faults::backoff_without_retry,
        faults::backoff_that_shrinks,
        resources::local_used_by_two_nodes,
        resources::local_given_twice,
    ];
    rules.iter().for_each(|rule| rule(model, cx));
    // What is missing may stand in a part that is broken.
    if cx.broken.graph {
        return;
    }
    let rules = [
        resources::resource_not_used,
        faults::fault_that_goes_nowhere,
        reached::pipeline_without_a_wire,
        reached::input_that_nothing_reads,
        reached::output_that_nothing_feeds,
        reached::stage_that_no_source_reaches,
        edges::shed_from_outside_beside_others,
        cursors::overwriting_shed_from_outside,
        edges::fused_cycle,
        edges::fused_fan_in,
        cycles::cycle_that_waits,
    ];
    rules.iter().for_each(|rule| rule(model, cx));
}
