// Stands in for programs of Windows: writes its name and arguments into the file that RECORD names. The
// one that FAIL names ends with 3. vswhere prints what SAYS has.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

static std::string of(const char* variable) {
    const char* const value = std::getenv(variable);
    return value != nullptr ? value : "";
}

int main(int count, char** arguments) {
    const std::string name = std::filesystem::path(arguments[0]).stem().string();
    std::ofstream record(of("RECORD"), std::ios::app | std::ios::binary);
    record << name;
    for (int i = 1; i < count; ++i)
        record << " | " << arguments[i];
    record << '\n';
    if (name == "vswhere")
        std::cout << of("SAYS") << std::endl;
    return of("FAIL") == name ? 3 : 0;
}
