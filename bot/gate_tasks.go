package bot

// A task is a command or an answering, as the gate and Serve work on it.
type task struct {
	name       string
	menu       bool     // of a message
	needs      []string // texts that must be given
	admin      bool     // for those who manage the server
	serverOnly bool
	everywhere bool // also where the bot does not answer
	asker      bool // only for the one who asked
	limited    bool
	update     bool
	private    func(Request) bool
	instant    func(b *Bot, c *call) (Reply, bool)
	run        run
}

// commandTasks are the tasks of the commands, by name.
func commandTasks() map[string]task {
	tasks := make(map[string]task)
	for _, c := range commands() {
		t := task{
			name: c.Name, menu: c.Menu, admin: c.Admin, serverOnly: c.GuildOnly, everywhere: isEverywhere(c.Name),
			limited: c.limited, private: c.private, instant: c.instant, run: c.run,
		}
		if t.private == nil {
			t.private = func(Request) bool { return false }
		}
		for _, o := range c.Options {
			if o.Required && o.Type == Text {
				t.needs = append(t.needs, o.Name)
			}
		}
		tasks[t.name] = t
	}
	return tasks
}

// isEverywhere names the commands that people may use also where the bot does
// not answer: to learn how it works, and to be forgotten.
func isEverywhere(name string) bool { return name == "help" || name == "forget" }

// answeringTasks are the tasks of buttons and forms, by name. Those of admin
// commands are for admins too, whatever they hold of it themselves.
func answeringTasks() map[string]task {
	admin := make(map[string]bool)
	for _, a := range adminAnswerings() {
		admin[a.name] = true
	}
	tasks := make(map[string]task)
	for _, a := range answerings() {
		tasks[a.name] = task{
			name: a.name, admin: admin[a.name], asker: a.asker, limited: a.limited, update: a.update,
			private: func(Request) bool { return a.private }, instant: a.instant, run: a.run,
		}
	}
	return tasks
}
