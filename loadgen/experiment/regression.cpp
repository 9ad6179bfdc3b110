#include "experiment/regression.hpp"

#include "experiment/block.hpp"
#include "experiment/preflight.hpp"
#include "process/exit_code.hpp"
#include "process/interrupts.hpp"
#include "process/run_id.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <thread>
#include <utility>

namespace loadgen {
namespace {

void check_answer(const PreflightAnswer& answer, const Variant& variant, const std::string& url) {
    if (answer.status / 100 != 2)
        throw InvalidError(fmt::format(
            "{}: answered with status {}: is the DLL there, and allowed to execute?", url, answer.status));
    if (answer.variant.empty() && variant.own_path)
        return;
    if (answer.variant.empty())
        throw InvalidError(fmt::format("{}: the answer has no X-Repro-Variant, so it is not the DLL '{}'; "
                                       "for a DLL of your own give NAME=PATH",
                                       url, variant.name));
    if (answer.variant != variant.name)
        throw InvalidError(
            fmt::format("{}: the variant '{}' answers there, not '{}'", url, answer.variant, variant.name));
}

} // namespace

Regression::Regression(RegressionSettings settings) : settings_(std::move(settings)) {
    const std::string run_id = new_run_id();
    for (const Variant& variant : settings_.variants) {
        Subject subject{.variant = variant, .load = settings_.load};
        subject.load.keep_alive = variant.keep_alive || settings_.load.keep_alive;
        subject.target = make_target(variant_url(settings_.base_url, variant), subject.load);
        subject.info = block_info(run_id, variant.name, std::string(name(variant.expectation)), subject.load,
                                  subject.target);
        subjects_.push_back(std::move(subject));
        counts_.push_back({.label = variant.name, .expectation = variant.expectation});
    }
}

void Regression::check_variants() const {
    for (const Subject& subject : subjects_)
        for (const Server& server : subject.target.servers)
            check_answer(preflight(subject.target, server, subject.load.timeout), subject.variant,
                         subject.target.url.text);
}

RegressionResult Regression::run(const Plan& plan, std::size_t blocks, ProgressLine& progress,
                                 const BlockListener& listener) {
    Decision decision = plan(counts_);
    for (std::size_t done = 0; decision.next; ++done) {
        const Subject& subject = subjects_[*decision.next];
        progress.begin_block(subject.variant.name, done, blocks);
        run_block_of(*decision.next, done + 1, progress, listener);
        if (interrupted())
            return result(false);
        decision = plan(counts_);
        if (subject.variant.expectation == Expectation::faulty && decision.next)
            std::this_thread::sleep_for(settings_.settle);
    }
    return result(true);
}

void Regression::run_block_of(std::size_t index, std::size_t number, ProgressLine& progress,
                              const BlockListener& listener) {
    Subject& subject = subjects_[index];
    BlockInfo info = subject.info;
    info.run_id += fmt::format(".{:03}", number);
    const Recording block =
        run_block(subject.load, subject.target, progress,
                  [&](std::span<const Event> events) { listener.on_events(info, events); });
    listener.on_block(info, block);
    const Counters& counters = block.counters;
    counts_[index].blocks.push_back({count_of(settings_.claim.counted, counters), counters.attempts});
    counts_[index].lost += Count{counters.lost(), counters.attempts};
    subject.recording.add_later(block);
    if (const auto reason = why_invalid(block, subject.target))
        throw InvalidError(*reason);
    if (const auto warning = local_faults(block))
        spdlog::warn(*warning);
}

RegressionResult Regression::result(bool is_whole) {
    std::vector<VariantLoads> loads;
    for (std::size_t i = 0; i < subjects_.size(); ++i)
        loads.push_back({subjects_[i].info, std::move(subjects_[i].recording), counts_[i]});
    return regression_result(std::move(loads), settings_.claim, is_whole);
}

} // namespace loadgen
