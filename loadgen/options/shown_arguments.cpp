#include "options/shown_arguments.hpp"

#include "measure/shown.hpp"

#include <algorithm>
#include <string_view>

namespace loadgen {
namespace {

// By the option that it was given to.
std::string shown_argument(std::string_view option, std::string_view value) {
    if (option == "header")
        return shown_header(value);
    if (option == "body")
        return std::string(value.empty() ? value : hidden);
    if (option == "faulty" || option == "fixed")
        return shown_variant(value);
    return value.find("://") == std::string_view::npos ? std::string(value) : shown_url(value);
}

class Shown {
  public:
    Shown(const CommandHelp& command, std::span<const std::string> arguments)
        : command_(command), rest_(arguments) {}

    std::vector<std::string> words() {
        while (!rest_.empty()) {
            const std::string_view word = next();
            if (only_positional_ || word.size() < 2 || word.front() != '-')
                words_.push_back(shown_url(word));
            else if (word == "--")
                add_end_of_options();
            else if (word.starts_with("--"))
                add_long(word);
            else
                add_letters(word);
        }
        return std::move(words_);
    }

  private:
    std::string_view next() {
        const std::string_view word = rest_.front();
        rest_ = rest_.subspan(1);
        return word;
    }

    template <class Matches>
    const OptionHelp* find(Matches matches) const {
        for (const OptionGroupHelp& group : command_.groups)
            for (const OptionHelp& option : group.options)
                if (matches(option))
                    return &option;
        return nullptr;
    }

    void add_end_of_options() {
        only_positional_ = true;
        words_.emplace_back("--");
    }

    // --name, --name value, --name=value
    void add_long(std::string_view word) {
        const auto equals = std::min(word.find('='), word.size());
        const std::string_view name = word.substr(2, equals - 2);
        const OptionHelp* const option = find([&](const OptionHelp& one) { return one.name == name; });
        if (option == nullptr)
            return words_.emplace_back(hidden), void();
        if (equals < word.size())
            words_.push_back(std::string(word.substr(0, equals + 1)) +
                             shown_argument(name, word.substr(equals + 1)));
        else
            add_with_value(std::string(word), *option);
    }

    // -x, -x value, -xvalue, and several without a value before it: -kxvalue
    void add_letters(std::string_view word) {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const OptionHelp* const option =
                find([&](const OptionHelp& one) { return one.letter == word.substr(i, 1); });
            if (option == nullptr)
                return words_.emplace_back(hidden), void();
            if (option->value.empty())
                continue;
            const std::string_view value = word.substr(i + 1);
            if (value.empty())
                return add_with_value(std::string(word), *option);
            return words_.push_back(std::string(word.substr(0, i + 1)) + shown_argument(option->name, value));
        }
        words_.emplace_back(word);
    }

    // The value is the next word, if it takes one.
    void add_with_value(std::string word, const OptionHelp& option) {
        words_.push_back(std::move(word));
        if (!option.value.empty() && !rest_.empty())
            words_.push_back(shown_argument(option.name, next()));
    }

    const CommandHelp& command_;
    std::span<const std::string> rest_;
    std::vector<std::string> words_;
    bool only_positional_ = false;
};

} // namespace

std::vector<std::string> shown_arguments(const CommandHelp& command, std::span<const std::string> arguments) {
    return Shown(command, arguments).words();
}

} // namespace loadgen
