#include "services/gateway/tests/fixture.hpp"

namespace ticketshow::gateway {
namespace {

class Site : public gateway_test {
 protected:
  void with_web() {
    write("web/index.html", "<!doctype html><p>app");
    write("web/favicon.ico", "icon");
    write("web/assets/app-1a2b.js", "console.log('a long script')");
    write("web/assets/app-1a2b.js.gz", "gzipped");
    write("web/assets/app-1a2b.js.br", "brotli");
    write("web/assets/style-3c4d.css", "p{}");
    write("web/.env", "SECRET=1");
    write("web/.git/config", "SECRET=2");
    write("web/a b.txt", "blank");
    write("secret.txt", "SECRET=3");
    std::filesystem::create_symlink("../secret.txt", directory() / "web" / "link.txt");
    std::filesystem::create_directory_symlink("..", directory() / "web" / "up");
    std::filesystem::create_symlink("favicon.ico", directory() / "web" / "inside.ico");
    settings_.site.web_root = (directory() / "web").string();
  }
};

TEST_F(Site, WithoutAWebAppThePageNamesTheDocumentation) {
  const auto page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(page.bytes().contains("href=\"/docs\""));
  EXPECT_FALSE(page.bytes().contains("<script"));
  EXPECT_EQ(get("/some/where").status, 404);
}

TEST_F(Site, FilesAreServedWithTypeAndCaching) {
  with_web();
  const auto index = get("/");
  EXPECT_EQ(index.bytes(), "<!doctype html><p>app");
  EXPECT_EQ(index.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(index.header("Cache-Control"), "no-cache");
  const auto style = get("/assets/style-3c4d.css");
  EXPECT_EQ(style.header("Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(style.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/index.html").header("Cache-Control"), "no-cache");
  EXPECT_EQ(get("/favicon.ico").bytes(), "icon");
  EXPECT_EQ(get("/inside.ico").bytes(), "icon");
  EXPECT_EQ(get("/a%20b.txt").bytes(), "blank");
  EXPECT_EQ(get("/?utm=1").bytes(), index.bytes());
}

TEST_F(Site, TheAppMayUseTheCameraAndWebAssemblyToReadCodesButNoScriptMadeOfText) {
  with_web();
  const auto page = get("/door/7");
  const auto policy = std::string(page.header("Content-Security-Policy"));
  EXPECT_TRUE(policy.contains("script-src 'self' 'wasm-unsafe-eval';")) << policy;
  EXPECT_TRUE(page.header("Permissions-Policy").contains("camera=(self),"));
}

TEST_F(Site, PicturesComeFromWherePostersAreKeptAndFromNowhereElse) {
  with_web();
  const auto pictures = [this](std::string origin) {
    site web({.web_root = settings_.site.web_root, .picture_origin = std::move(origin)}, "{}");
    web.load();
    const auto& policy = web.find("/")->policy;
    const auto begin = policy.find("img-src");
    return policy.substr(begin, policy.find(';', begin) - begin);
  };
  EXPECT_EQ(pictures(""), "img-src 'self' data: blob:");
  EXPECT_EQ(pictures("http://127.0.0.1:9000"), "img-src 'self' data: blob: http://127.0.0.1:9000");
}

TEST_F(Site, PathsOfTheAppGiveItsIndexButMissingFilesAre404) {
  with_web();
  for (const auto* path : {"/shows", "/shows/5/", "/bookings/1/tickets", "/a%2Fb"}) {
    EXPECT_EQ(get(path).bytes(), "<!doctype html><p>app") << path;
  }
  for (const auto* path :
       {"/none.js", "/assets/app-9999.js", "/shows/x.png", "/docs/none", "/api/none", "/internal/x", "/health/x"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST_F(Site, NoPathLeadsOutOfTheDirectoryOrToHiddenFiles) {
  with_web();
  using namespace std::string_view_literals;
  for (const auto path : {"/../secret.txt"sv,
                          "/%2e%2e/secret.txt"sv,
                          "/%2e%2e%2fsecret.txt"sv,
                          "/..%2fsecret.txt"sv,
                          "/assets/../../secret.txt"sv,
                          "/assets/%2e%2e/%2e%2e/secret.txt"sv,
                          "/..%5csecret.txt"sv,
                          "/%252e%252e/secret.txt"sv,
                          "/....//secret.txt"sv,
                          "/link.txt"sv,
                          "/up/secret.txt"sv,
                          "/.env"sv,
                          "/%2eenv"sv,
                          "/.git/config"sv,
                          "/favicon.ico%00.txt"sv,
                          "/favicon.ico\0.txt"sv,
                          "/%c0%ae%c0%ae/secret.txt"sv,
                          "//etc/passwd.txt"sv,
                          "/%2fetc/passwd.txt"sv,
                          "/%"sv,
                          "/%zz.txt"sv,
                          "/.%2e/web/../secret.txt"sv}) {
    const auto answer = get(path);
    EXPECT_FALSE(answer.bytes().contains("SECRET")) << path;
    EXPECT_FALSE(answer.bytes().contains("root:")) << path;
    EXPECT_EQ(answer.status, 404) << path;
  }
}

TEST_F(Site, AnEtagIsAnswered304) {
  with_web();
  for (const auto* path : {"/", "/assets/style-3c4d.css", "/openapi.json", "/docs"}) {
    const auto first = get(path);
    ASSERT_EQ(first.status, 200);
    const auto etag = std::string(first.header("ETag"));
    EXPECT_TRUE(etag.starts_with('"') && etag.size() > 10) << path;
    const auto again = get(path, {{"If-None-Match", etag}});
    EXPECT_EQ(again.status, 304) << path;
    EXPECT_TRUE(again.bytes().empty());
    EXPECT_EQ(again.header("ETag"), etag);
    EXPECT_EQ(get(path, {{"If-None-Match", "\"other\""}}).status, 200);
  }
}

TEST_F(Site, PackedSiblingsGoToWhoAcceptsThem) {
  with_web();
  const auto script = [&](std::string_view accepted) {
    return get("/assets/app-1a2b.js", {{"Accept-Encoding", accepted}});
  };
  EXPECT_EQ(script("gzip, deflate, br").header("Content-Encoding"), "br");
  EXPECT_EQ(script("gzip, deflate, br").bytes(), "brotli");
  EXPECT_EQ(script("gzip;q=0.5, br;q=0").bytes(), "gzipped");
  EXPECT_EQ(script("GZIP").header("Content-Encoding"), "gzip");
  for (const auto* none : {"", "identity", "gzip;q=0, br;q=0.000", "xgzip"}) {
    EXPECT_EQ(script(none).bytes(), "console.log('a long script')") << none;
    EXPECT_EQ(script(none).header("Content-Encoding"), "");
  }
  EXPECT_EQ(script("br").header("Vary"), "Accept-Encoding");
  EXPECT_EQ(script("br").header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_NE(script("br").header("ETag"), script("gzip").header("ETag"));
  EXPECT_EQ(get("/assets/app-1a2b.js.gz").status, 404);
}

TEST_F(Site, CorsKeepsWhatAnAnswerVariesWith) {
  with_web();
  settings_.cors_origins = {"https://tickets.example"};
  EXPECT_EQ(get("/assets/app-1a2b.js").header("Vary"), "Accept-Encoding, Origin");
}

TEST_F(Site, SwaggerUiIsServedWithoutInlineScript) {
  write("swagger/swagger-ui.css", "css");
  write("swagger/swagger-ui-bundle.js", "bundle");
  write("swagger/other.js", "other");
  settings_.site.docs_assets = (directory() / "swagger").string();
  for (const auto* path : {"/docs", "/docs/"}) {
    const auto page = get(path);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.bytes().contains("<script src=\"/docs/init.js\"></script>"));
    EXPECT_FALSE(page.bytes().contains("<script>"));
    EXPECT_FALSE(page.bytes().contains("http://"));
    EXPECT_FALSE(page.bytes().contains("https://"));
  }
  EXPECT_EQ(get("/docs/swagger-ui.css").bytes(), "css");
  EXPECT_EQ(get("/docs/swagger-ui-bundle.js").header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_TRUE(get("/docs/init.js").bytes().contains("url: \"/openapi.json\""));
  EXPECT_EQ(get("/docs/other.js").status, 404);
}

TEST_F(Site, WithoutSwaggerUiThePageTellsHowToGetIt) {
  settings_.site.docs_assets = (directory() / "none").string();
  const auto page = get("/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.bytes().contains("swagger-ui-dist"));
}

TEST_F(Site, TheOpenApiDocumentIsServed) {
  const auto document = get("/openapi.json");
  EXPECT_EQ(document.bytes(), R"({"openapi":"3.1.0"})");
  EXPECT_EQ(document.header("Content-Type"), "application/json");
}

TEST_F(Site, ADirectoryThatIsNotThereOrTooLargeIsSaidAtTheStart) {
  site missing({.web_root = (directory() / "none").string()}, "{}");
  EXPECT_THROW(missing.load(), std::runtime_error);
  write("web/index.html", std::string(2000, 'x'));
  site large({.web_root = (directory() / "web").string(), .max_bytes = 1000}, "{}");
  EXPECT_THROW(large.load(), std::runtime_error);
}

}  // namespace
}  // namespace ticketshow::gateway
