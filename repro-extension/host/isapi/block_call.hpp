// A call that an extension makes: which request it is about, and that it may be made.
#pragma once

#include "isapi/control_block.hpp"

#include <string_view>

namespace host {

/// A call that an extension makes on a block: as long as it lives, the block is there, and no other
/// call runs on it. False if the request was completed, or if there never was such a block: then a
/// rule is broken, and that is said.
class BlockCall {
  public:
    /// `function`: what the extension called.
    BlockCall(HCONN id, std::string_view function, bool is_done = false) noexcept;
    BlockCall(const BlockCall&) = delete;
    BlockCall& operator=(const BlockCall&) = delete;
    ~BlockCall();

    explicit operator bool() const noexcept { return block_ != nullptr; }
    ControlBlock& operator*() const noexcept { return *block_; }
    ControlBlock* operator->() const noexcept { return block_; }

  private:
    void unlock() noexcept;

    ControlBlock* block_ = nullptr;
};

} // namespace host
