#include "isapi/block_call.hpp"

#include "faults/broken_rules.hpp"
#include "faults/symbols.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace host {

BlockCall::BlockCall(HCONN id, std::string_view function, bool is_done) noexcept {
    std::string extension;
    std::string what;
    const auto remember = [&](const ControlBlock& block) {
        extension = block.extension_.name();
        what = block.what();
    };
    const auto pin = [&](ControlBlock* block) -> ControlBlock* {
        if (block == nullptr)
            return nullptr;
        for (int references = block->references_; references > 0;)
            if (block->references_.compare_exchange_weak(references, references + 1))
                return block;
        remember(*block);
        return nullptr;
    };
    block_ = ControlBlock::blocks().find(
        static_cast<ControlBlock*>(static_cast<EXTENSION_CONTROL_BLOCK*>(id)), pin);
    if (block_ != nullptr) {
        block_->calls_.lock();
        block_->caller_ = GetCurrentThreadId();
        if (!block_->is_completed())
            return;
        remember(*block_);
        unlock();
    }
    if (what.empty())
        BrokenRules::add(
            Rule::unknown_block, "?",
            fmt::format("called {} with {}, which is no control block, in a thread that began at {}",
                        function, fmt::ptr(id), describe_address(current_thread_origin().start)));
    else
        BrokenRules::add(is_done ? Rule::done_twice : Rule::used_after_done, extension,
                         fmt::format("called {} for {}, which was completed already", function, what));
}

void BlockCall::unlock() noexcept {
    ControlBlock& block = *std::exchange(block_, nullptr);
    block.caller_ = 0;
    block.calls_.unlock();
    block.release();
}

BlockCall::~BlockCall() {
    if (block_ != nullptr)
        unlock();
}

} // namespace host
