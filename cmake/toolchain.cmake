# The compiler, its flags and the build types. See docs/adr/0001-toolchain.md.

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR
    "Ticket Show is built with clang 19 or later; this is ${CMAKE_CXX_COMPILER_ID} "
    "${CMAKE_CXX_COMPILER_VERSION}. g++ 12 miscompiles coroutines without a warning. "
    "Use the presets: cmake --preset release")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# Sanitize: enough optimisation to run tests at a bearable speed, enough frames to read a report.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1 -fno-omit-frame-pointer")

set(TICKETSHOW_SANITIZE "" CACHE STRING "Sanitizers to build with, as clang's -fsanitize takes them")
if(TICKETSHOW_SANITIZE)
  add_compile_options(-fsanitize=${TICKETSHOW_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TICKETSHOW_SANITIZE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror
                    -Wno-missing-field-initializers # designated initialisers leave the rest at its default
                    -Wno-missing-designated-field-initializers
                    -Wno-c23-extensions)            # #embed carries the migrations into the binary
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
                        SPDLOG_FMT_EXTERNAL)

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Objects are shared between clones: paths are hashed relative to the tree, and of the precompiled header not its bytes,
# which hold the tree's path, but what stands in it (src/CMakeLists.txt writes that sum).
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1 ${CCACHE})
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include <PCH_HEADER>)  # clang finds the .pch beside it; CMake's own form hides the path
endif()
