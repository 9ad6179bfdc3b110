// The end of the process that somebody else brings about: a crash in a thread of an extension's own,
// or a call of ExitProcess.
#pragma once

#include "base/handles.hpp"
#include "faults/broken_rules.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace host {

/// One per process. While it lives, whoever would end the process waits until the program has
/// reported what it counted so far, though ten seconds at most. TerminateProcess is not noticed, nor
/// is what Microsoft's run-time calls a fast fail.
class ProcessWatch {
  public:
    /// `root`: the folder of the extensions: the innermost code on the stack that is from there is to
    /// blame. Throws std::system_error.
    explicit ProcessWatch(const std::filesystem::path& root);
    ProcessWatch(const ProcessWatch&) = delete;
    ProcessWatch& operator=(const ProcessWatch&) = delete;
    ~ProcessWatch();

    /// Set once the process is to end. Then broken() tells why.
    HANDLE ending() const noexcept;
    const BrokenRule& broken() const noexcept;

  private:
    struct Detours;
    std::unique_ptr<Detours> detours_;
};

} // namespace host
