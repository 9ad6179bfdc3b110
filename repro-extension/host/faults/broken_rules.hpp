// What extensions did that no extension may do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace host {

/// In the order in which the host's exit code names them, the worst first.
enum class Rule {
    crashed,         ///< an exception that nobody handled
    ended_process,   ///< ExitProcess, exit(), abort()
    never_completed, ///< a request, or TerminateExtension, was not ended when the host gave up
    done_twice,      ///< DONE_WITH_SESSION, or a synchronous return, for a request that was completed
    used_after_done, ///< another call with the control block of a request that was completed
    unknown_block,   ///< a call with what never was a control block
    done_during_io,  ///< DONE_WITH_SESSION while an asynchronous call was under way
    ended_thread,    ///< a thread of the pool
};

/// The exit code of a host in which the rule was broken.
int exit_code_of(Rule rule) noexcept;

struct BrokenRule {
    Rule rule;
    std::string extension; ///< the DLL's name; "?": not known
    std::string sentence;  ///< of the first time
    std::uint64_t times = 0;
};

/// Of the whole process: a call with a stray control block belongs to no server.
class BrokenRules {
  public:
    /// Counts it, and writes the first of each extension and rule to the log.
    static void add(Rule rule, std::string_view extension, const std::string& sentence) noexcept;

    /// Those there were, the worst rule first.
    static std::vector<BrokenRule> all();

    /// Forgets them.
    static void clear();
};

/// A line for each, "broken: NAME.dll SENTENCE (3 times)"; empty if there are none.
std::string to_lines(const std::vector<BrokenRule>& broken);

} // namespace host
