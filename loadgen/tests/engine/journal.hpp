// What is done to the transports of a loop and heard of them, and what of it should not have been.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <utility>

namespace loadgen {

class Journal {
  public:
    /// While it lives a call of the seam is being made, from within which nobody may hear anything.
    class Call {
      public:
        explicit Call(Journal& journal) : journal_(journal) { ++journal_.calls_; }
        ~Call() { --journal_.calls_; }
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

      private:
        Journal& journal_;
    };

    void note(std::string line) {
        lines_.push_back(std::move(line));
        if (lines_.size() > remembered)
            lines_.pop_front();
    }
    void heard() {
        if (calls_ > 0)
            fault("heard from within a call");
        if (stopped_)
            fault("heard after stop()");
    }
    void stop() { stopped_ = true; }
    bool is_stopped() const { return stopped_; }

    /// The first one with what led to it; the others follow from it.
    void fault(const std::string& what) {
        if (faults_.empty())
            faults_ = lines() + "\n  wrong: " + what;
    }
    const std::string& faults() const { return faults_; }
    /// What was noted last.
    std::string lines() const {
        std::string lines;
        for (const std::string& line : lines_)
            lines += "\n  " + line;
        return lines;
    }

  private:
    static constexpr std::size_t remembered = 60;

    std::deque<std::string> lines_;
    std::string faults_;
    unsigned calls_ = 0;
    bool stopped_ = false;
};

} // namespace loadgen
