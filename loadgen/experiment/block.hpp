// One uninterrupted piece of load, measured to its end: a whole run, or one block of a regression.
#pragma once

#include "client/load_plan.hpp"
#include "client/target.hpp"
#include "measure/block_info.hpp"
#include "measure/recording.hpp"
#include "report/progress.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace loadgen {

/// A warning under Wine, which hides most resets from its programs.
void warn_of_uncounted_resets();

using EventSink = std::function<void(std::span<const Event>)>;

/// Starts the load and waits for its end. Events go to the sink as they come, so that they outlive a kill and
/// take no memory; the recording has none. The first Ctrl-C lets the attempts in flight finish, the second
/// gives them up. Ends early when nothing could be established within the first second. The recording says
/// how it ended. Throws InvalidError if it does not add up.
Recording run_block(const LoadPlan& plan, const Target& target, ProgressLine& progress,
                    const EventSink& on_events);

/// Throws InvalidError, naming the identity, if the recording breaks one; `happened` as in broken_identity.
void ensure_adds_up(const Recording& recording, const Counters* happened = nullptr);

/// Raises the limit of file descriptors to what the plan takes. Throws InvalidError if the system does not
/// permit that. It comes before any file is made: nothing is written of what is not begun.
void ensure_descriptors(const LoadPlan& plan);

/// What identifies the block in the files; the expectation is empty outside of a regression.
BlockInfo block_info(std::string run_id, std::string label, std::string expectation, const LoadPlan& plan,
                     const Target& target);

/// Why a recording says nothing of the server: one sentence, or nothing if it does.
std::optional<std::string> why_invalid(const Recording& recording, const Target& target);

/// A warning where connections took a second or more to come up, and most of them a fraction of that.
std::optional<std::string> syn_retries(const Recording& recording);

/// A warning where answers were whole, and the close that belongs to them did not come.
std::optional<std::string> missing_closes(const Recording& recording, bool keep_alive);

/// What failed here and not at the server, and its cure: one sentence, or nothing if nothing did.
std::optional<std::string> local_faults(const Recording& recording);

} // namespace loadgen
