// Stands in for appcmd.exe: a program, so that cmd.exe and the run-time take the quotes apart as they
// do for the real one. It keeps the configuration in state.txt beside it, and refuses what appcmd
// refuses: adding twice, changing or deleting what is not there, a pool that is in use, a section
// that is locked. Changes are recorded in commands.txt, argument by argument. fail.txt has the numbers
// of changes that are denied; crash.txt has one that takes the installer's cmd.exe with it, before or
// after it is made ("3 before").
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <windows.h>

#include <tlhelp32.h>

namespace {

using Attributes = std::map<std::string, std::string>;

constexpr int access_denied = 5, locked = 33, not_there = 50, bad_usage = 87, there_already = 183,
              no_such_element = 4312;

std::filesystem::path here;
std::set<std::string> state;

[[noreturn]] void finish(int code, const std::string& sentence) {
    std::cout << (code == 0 ? sentence : "ERROR ( message:" + sentence + " )") << std::endl;
    std::exit(code);
}

void end_parent() {
    const HANDLE processes = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32 entry{};
    entry.dwSize = sizeof entry;
    for (BOOL more = Process32First(processes, &entry); more; more = Process32Next(processes, &entry))
        if (entry.th32ProcessID == GetCurrentProcessId())
            TerminateProcess(OpenProcess(PROCESS_TERMINATE, FALSE, entry.th32ParentProcessID), 99);
    std::exit(99);
}

void need(bool condition, int code, const std::string& sentence) {
    if (!condition)
        finish(code, sentence);
}

// The state with all that is below the key, as the key itself is.
void drop(const std::string& key) {
    std::erase_if(state,
                  [&](const std::string& line) { return line == key || line.starts_with(key + " ."); });
}

void put(const std::string& key, const std::string& name, const std::string& value) {
    std::erase_if(state, [&](const std::string& line) { return line.starts_with(key + " ." + name + "="); });
    state.insert(key + " ." + name + "=" + value);
}

// "[name='x',path='y']"
Attributes attributes_of(const std::string& text) {
    static const std::regex whole{R"(\[(\w+='[^']*')(,\w+='[^']*')*\])"}, one{R"((\w+)='([^']*)')"};
    need(std::regex_match(text, whole), bad_usage, "Malformed collection indexer " + text);
    Attributes found;
    for (std::sregex_iterator match{text.begin(), text.end(), one}, end; match != end; ++match)
        need(found.emplace((*match)[1], (*match)[2]).second, bad_usage, "An attribute twice in " + text);
    return found;
}

void configure(const std::string& verb, const std::string& path, Attributes options) {
    const std::string section = options["section"];
    const bool handlers = section == "system.webServer/handlers";
    const bool restriction = section == "system.webServer/security/isapiCgiRestriction";
    need(handlers || restriction, bad_usage, "Unknown config section '" + section + "'");
    need(path.empty() || state.contains("APP " + path), not_there,
         "Cannot find SITE object with identifier \"" + path + "\".");
    need(restriction ? path.empty() : options["commit"] == "apphost", locked,
         "This configuration section cannot be used at this path.");
    const std::string key = "CONFIG '" + path + "' " + section;
    const auto below = [&](const std::string& line) { return line.starts_with(key + " ."); };
    if (verb == "clear") {
        need(std::ranges::any_of(state, below), no_such_element, "Nothing to clear at " + key);
        return drop(key);
    }
    for (const auto& [name, value] : options) {
        if (name == "section" || name == "commit")
            continue;
        if (name == "accessPolicy" && handlers) {
            put(key, name, value);
            continue;
        }
        need(name == "+" || name == "-", bad_usage, "Unknown attribute \"" + name + "\".");
        const Attributes given = attributes_of(value);
        const std::set<std::string> known =
            handlers
                ? std::set<std::string>{"name", "path", "verb", "modules", "resourceType", "requireAccess"}
                : std::set<std::string>{"path", "description", "allowed"};
        for (const auto& [attribute, _] : given)
            need(known.contains(attribute), bad_usage, "Unknown attribute \"" + attribute + "\".");
        const std::string index = handlers ? "name" : "path";
        need(given.contains(index), bad_usage, "No " + index + " in " + value);
        const auto same = std::ranges::find_if(state, [&](const std::string& line) {
            return below(line) && line.find("[") != std::string::npos &&
                   attributes_of(line.substr(line.find("[")))[index] == given.at(index);
        });
        if (name == "+") {
            need(same == state.end(), there_already,
                 "Failed to add duplicate collection element \"" + given.at(index) + "\".");
            state.insert(key + " ." + value);
        } else {
            need(same != state.end(), no_such_element, "Cannot find requested collection element.");
            // A handler is named; a restriction has to be given exactly as it is (cc731621).
            need(handlers || attributes_of(same->substr(same->find("["))) == given, no_such_element,
                 "Cannot find requested collection element.");
            state.erase(same);
        }
    }
}

void change(const std::string& verb, const std::string& kind, std::string object, Attributes options) {
    if (kind == "CONFIG")
        return configure(verb, object, options);
    const bool add = verb == "add", pool = kind == "APPPOOL";
    need(pool || kind == "APP", bad_usage, "Object '" + kind + "' is not supported.");
    if (add && pool)
        object = options["name"];
    if (add && !pool) {
        need(state.contains("SITE " + options["site.name"]), not_there,
             "Cannot find SITE object with identifier \"" + options["site.name"] + "\".");
        need(options["path"].starts_with("/"), bad_usage, "The path has to begin with a slash");
        object = options["site.name"] + options["path"];
    }
    if (!add && object.empty())
        object = options[pool ? "apppool.name" : "app.name"];
    need(!object.empty(), bad_usage, "Must specify the " + kind);
    const std::string key = kind + " " + object;
    if (add) {
        need(!state.contains(key), there_already,
             "Failed to add duplicate collection element \"" + object + "\".");
        state.insert(key);
    }
    need(state.contains(key), not_there,
         "Cannot find " + kind + " object with identifier \"" + object + "\".");
    if (verb == "delete") {
        const bool used = pool && std::ranges::any_of(state, [&](const std::string& line) {
                              return line.ends_with(" .applicationPool=" + object);
                          });
        need(!used, bad_usage, "The application pool \"" + object + "\" has applications.");
        return drop(key);
    }
    const std::set<std::string> known =
        pool ? std::set<std::string>{"managedRuntimeVersion", "enable32BitAppOnWin64"}
             : std::set<std::string>{"applicationPool", "physicalPath"};
    for (const auto& [name, value] : options) {
        if (name == "name" || name == "site.name" || name == "path" || name == "apppool.name" ||
            name == "app.name")
            continue;
        need(known.contains(name), bad_usage, "Unknown attribute \"" + name + "\".");
        need(name != "applicationPool" || state.contains("APPPOOL " + value), not_there,
             "There is no such pool");
        put(key, name, value);
    }
}

} // namespace

int main(int count, char** values) {
    char self[MAX_PATH];
    GetModuleFileNameA(nullptr, self, sizeof self);
    here = std::filesystem::path(self).parent_path();
    const std::vector<std::string> arguments(values + 1, values + count);
    need(arguments.size() >= 2, bad_usage, "Run 'appcmd.exe /?'");
    const std::string verb = arguments[0];
    std::string kind = arguments[1], object;
    std::ranges::transform(kind, kind.begin(), [](unsigned char letter) { return std::toupper(letter); });
    Attributes options;
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument[0] == '/' && (argument[1] == '+' || argument[1] == '-'))
            options[argument.substr(1, 1)] = argument.substr(2);
        else if (argument[0] == '/')
            options[argument.substr(1, argument.find(':') - 1)] =
                argument.substr(std::min(argument.find(':'), argument.size() - 1) + 1);
        else
            object = argument;
    }
    std::string line;
    for (std::ifstream file{here / "state.txt"}; std::getline(file, line);)
        state.insert(line);
    if (verb == "list") {
        if (!state.contains(kind + " " + object))
            return 1;
        finish(0, kind + " \"" + object + "\" ( as it is )");
    }
    need(verb == "add" || verb == "set" || verb == "delete" || verb == "clear", bad_usage,
         "Unknown command '" + verb + "'");

    std::ofstream record{here / "commands.txt", std::ios::app | std::ios::binary};
    for (const std::string& argument : arguments)
        record << (&argument == &arguments[0] ? "" : " | ") << argument;
    record << std::endl;
    int number = 0;
    for (std::ifstream file{here / "commands.txt"}; std::getline(file, line);)
        ++number;
    int chosen = 0;
    std::string when;
    for (std::ifstream file{here / "fail.txt"}; file >> chosen;)
        need(chosen != number, access_denied, "Access is denied.");
    chosen = 0;
    std::ifstream{here / "crash.txt"} >> chosen >> when;
    if (chosen == number && when == "before")
        end_parent();
    change(verb, kind, object, options);
    {
        std::ofstream file{here / "state.txt", std::ios::binary};
        for (const std::string& each : state)
            file << each << '\n';
    }
    if (chosen == number)
        end_parent();
    finish(0, kind + " object changed");
}
