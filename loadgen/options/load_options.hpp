// The options that shape a load, the same for every command that makes one.
#pragma once

#include "client/load_plan.hpp"
#include "client/url.hpp"
#include "options/command_line.hpp"
#include "process/invocation.hpp"
#include "report/files/report_files.hpp"

#include <string>

namespace loadgen {

struct LoadOptions {
    LoadPlan plan;
    std::string output;    ///< folder for the CSV files; empty: none
    std::string histogram; ///< file for the distributions of latency; empty: none
    ReportFiles reports;
    bool quiet = false;
    Invocation invocation; ///< the call that all of this was read from

    // Each adds options to a group of the command line; the values are set by CommandLine::parse.

    void add_load(options::options_description& group);
    void add_request(options::options_description& group);
    void add_connection(options::options_description& group);
    void add_measurement(options::options_description& group);
    void add_output(options::options_description& group);

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
    bool has_ramp_ = false;
    std::string source_addresses_;
};

} // namespace loadgen
