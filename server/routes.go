package server

import (
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"agora/index"
	"agora/server/api"
	"agora/server/pages"
	"agora/server/pages/matter"
	"agora/server/refine"
	"agora/web"
)

// methods are those that every address answers. The router would refuse HEAD where only
// GET is registered.
const methods = "GET, HEAD"

// handler puts the routes together and wraps the router: its own middleware would not
// run for unknown addresses and methods.
func (s *site) handler() (http.Handler, error) {
	router := mux.NewRouter().StrictSlash(true)
	get := func(path string, h http.Handler) {
		router.Handle(path, under(path, h)).Methods(http.MethodGet, http.MethodHead)
	}
	s.addPages(get)
	s.addInterface(get)
	s.addService(get)
	router.NotFoundHandler = s.missing()
	router.MethodNotAllowedHandler = s.refused()
	return s.wrap(router)
}

// register adds a handler of a path to the router.
type register func(path string, h http.Handler)

// addPages adds what people read.
func (s *site) addPages(get register) {
	get("/", s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.Search(r.Context(), r.URL.RawQuery)
	}))
	get("/releases/{id}", s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.Release(r.Context(), mux.Vars(r)["id"], 0)
	}))
	get("/releases/{id}/versions/{n}", s.page(func(r *http.Request) (pages.Page, error) {
		n, err := versionNumber(r)
		if err != nil {
			return nil, err
		}
		return s.pages.Release(r.Context(), mux.Vars(r)["id"], n)
	}))
	get("/states/{code}", s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.State(r.Context(), mux.Vars(r)["code"])
	}))
	get("/topics/{slug}", s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.Topic(r.Context(), mux.Vars(r)["slug"])
	}))
	get("/matters/{id}", s.page(func(r *http.Request) (pages.Page, error) {
		return matter.New(r.Context(), s.Store, mux.Vars(r)["id"])
	}))
	get(refine.CoalitionsPath, s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.Coalitions(r.Context(), r.URL.RawQuery)
	}))
	get("/sources", s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.Sources(r.Context(), r.URL.Query().Get("sort"))
	}))
	get("/sources/{code}", s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.Source(r.Context(), mux.Vars(r)["code"])
	}))
	get("/changes", s.page(func(r *http.Request) (pages.Page, error) {
		return s.pages.Changes(r.Context(), r.URL.Query().Get("before"))
	}))
}

// addInterface adds what programs read.
func (s *site) addInterface(get register) {
	const root = "/api/v1"
	get(root+"/releases", answerJSON(s, s.api.Search))
	get(root+"/releases/{id}", answerJSON(s, func(r *http.Request) (index.Release, error) {
		answer, err := s.api.Release(r, mux.Vars(r)["id"])
		return answer, pages.Held("release", mux.Vars(r)["id"], err)
	}))
	get(root+"/releases/{id}/versions", answerJSON(s, func(r *http.Request) (api.History, error) {
		answer, err := s.api.Versions(r, mux.Vars(r)["id"])
		return answer, pages.Held("release", mux.Vars(r)["id"], err)
	}))
	get(root+"/releases/{id}/versions/{n}", answerJSON(s, func(r *http.Request) (index.Release, error) {
		n, err := versionNumber(r)
		if err != nil {
			return index.Release{}, err
		}
		answer, err := s.api.Version(r, mux.Vars(r)["id"], n)
		return answer, pages.Held("version", mux.Vars(r)["n"]+" of "+mux.Vars(r)["id"], err)
	}))
	get(root+"/releases/{id}/captures", answerJSON(s, func(r *http.Request) (api.Evidence, error) {
		answer, err := s.api.Captures(r, mux.Vars(r)["id"])
		return answer, pages.Held("release", mux.Vars(r)["id"], err)
	}))
	get(root+"/releases/{id}/similar", answerJSON(s, func(r *http.Request) (api.Similar, error) {
		answer, err := s.api.Similar(r, mux.Vars(r)["id"])
		return answer, pages.Held("release", mux.Vars(r)["id"], err)
	}))
	get(root+"/matters", answerJSON(s, s.api.Matters))
	get(root+"/matters/{id}", answerJSON(s, func(r *http.Request) (api.OneMatter, error) {
		id := mux.Vars(r)["id"]
		answer, err := s.api.Matter(r, id)
		if err == nil && answer.ID != id { // merged, or typed in capitals
			return answer, &pages.Moved{Path: root + "/matters/" + answer.ID}
		}
		return answer, pages.Held("matter", id, err)
	}))
	get(root+"/facets", answerJSON(s, s.api.Facets))
	get(root+"/suggest", answerJSON(s, s.api.Suggest))
	get(suggestionsPath, answerJSON(s, s.api.OpenSearch))
	get(root+"/offices", answerJSON(s, s.api.Offices))
	get(root+"/offices/{code}/passes", answerJSON(s, func(r *http.Request) (api.Passes, error) {
		answer, err := s.api.Passes(r, mux.Vars(r)["code"])
		return answer, pages.Held("office", mux.Vars(r)["code"], err)
	}))
	get(root+"/topics", answerJSON(s, s.api.Topics))
	get(root+"/coalitions", s.coalitions())
	get(root+"/coalitions.csv", s.answer(styleJSON, s.api.CoalitionsCSV))
	get(root+"/changes", answerJSON(s, s.api.Changes))
	get(root+"/export.jsonl", s.stream(s.api.ExportJSONL))
	get(root+"/export.csv", s.stream(s.api.ExportCSV))
}

// coalitions answers with the numbers of coalitions in the format asked for.
func (s *site) coalitions() http.Handler {
	table, data := s.answer(styleJSON, s.api.CoalitionsCSV), answerJSON(s, s.api.Coalitions)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("format") == "csv" {
			table.ServeHTTP(w, r)
			return
		}
		data.ServeHTTP(w, r)
	})
}

// addService adds what machines around the site read.
func (s *site) addService(get register) {
	get("/healthz", s.text(s.healthy))
	get("/readyz", answerJSON(s, s.api.Ready))
	get("/metrics", s.answer(styleText, s.metrics))
	get("/robots.txt", s.text(s.robots))
	get(openSearchPath, s.answer(styleText, s.describe))
	get(web.StaticPath+"{file}", http.HandlerFunc(s.static))
}

// versionNumber reads the path's number; what is none names nothing that is held.
func versionNumber(r *http.Request) (int, error) {
	n, err := strconv.Atoi(mux.Vars(r)["n"])
	if err != nil || n < 1 {
		return 0, &pages.NotHeld{What: "version", Name: mux.Vars(r)["n"], Cause: index.ErrNotFound}
	}
	return n, nil
}

// missing answers addresses that there are none of.
func (s *site) missing() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, styleOf(r), &pages.NotHeld{What: "page", Name: r.URL.Path, Cause: index.ErrNotFound})
	})
}

// refused answers methods that an address does not take.
func (s *site) refused() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", methods)
		s.fail(w, r, styleOf(r), errMethod)
	})
}
