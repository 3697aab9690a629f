# One CMake target a folder.
#
# ticketshow_folder(DEPENDS <target>... [LINK <external target>...])
#   makes the library named after the folder (src/services/booking → services_booking) of all its *.cpp, and of tests/*.cpp the
#   executable <name>_test, whose cases ctest knows one by one. A folder of headers alone becomes an interface library.
include(GoogleTest)

function(ticketshow_folder)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "" "DEPENDS;LINK")
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" name ${path})

  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} ${ARG_LINK})
    target_precompile_headers(${name} REUSE_FROM precompiled)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS} ${ARG_LINK})
  endif()

  file(GLOB test_sources CONFIGURE_DEPENDS tests/*.cpp)
  if(test_sources)
    ticketshow_test(${name}_test SOURCES ${test_sources} DEPENDS ${name})
  endif()
endfunction()

# ticketshow_test(<name> SOURCES <file>... DEPENDS <target>...): an executable of GoogleTest cases.
function(ticketshow_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;DEPENDS")
  add_executable(${name} ${ARG_SOURCES} ${CMAKE_SOURCE_DIR}/tests/support/sanitizers.cpp)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} test_support GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM precompiled)
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300)
endfunction()
