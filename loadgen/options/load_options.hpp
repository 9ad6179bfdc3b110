// The options that shape a load, the same for every command that makes one.
#pragma once

#include "client/load_plan.hpp"
#include "client/url.hpp"
#include "options/command_line.hpp"

#include <string>

namespace loadgen {

struct LoadOptions {
    LoadPlan plan;
    std::string output;    ///< folder for the CSV files; empty: none
    std::string histogram; ///< file for the distributions of latency; empty: none
    bool quiet = false;

    /// Adds them to the command line; the values are set by CommandLine::parse.
    void add_to(options::options_description& visible);
    /// After parsing: reads what options name. Throws UsageError.
    void complete();
    /// Settles the engine for this URL. Throws UsageError.
    void choose_engine(const Url& url);

  private:
    std::vector<std::string> header_lines_;
    std::string body_file_;
    std::string engine_ = "auto";
    std::string arrivals_;
    bool insecure_ = false;
    std::string source_addresses_;
};

} // namespace loadgen
