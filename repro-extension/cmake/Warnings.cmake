# repro_warnings(TARGET): the warnings both halves are built with.

option(REPRO_WARNINGS_AS_ERRORS "Stop at the first warning" OFF)

function(repro_warnings target)
    if(MSVC)
        target_compile_options(${target} PRIVATE /W4 /permissive- /utf-8)
    else()
        target_compile_options(${target} PRIVATE
            -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
            -Wno-missing-field-initializers) # members left out have defaults
    endif()
    set_target_properties(${target} PROPERTIES
        COMPILE_WARNING_AS_ERROR ${REPRO_WARNINGS_AS_ERRORS}
        CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
endfunction()
