package bot

// aroundCommands are those for everybody that do not ask.
func aroundCommands() []command {
	return []command{
		searchCommand(), articlesCommand(), checkCommand(), plainCommand(), forgetCommand(), helpCommand(),
	}
}

func aroundAnswerings() []answering {
	return []answering{
		{name: "search", private: true, update: true, run: kindly(turnSearch)},
		{name: "articles", private: true, update: true, run: kindly(turnArticles)},
	}
}

// adminCommands are those for who manages a server or runs the bot.
func adminCommands() []command {
	return []command{ingestCommand(), removeCommand(), settingsCommand(), statusCommand()}
}

func adminAnswerings() []answering {
	return []answering{
		{name: "ingest", private: true, run: kindly(ingestPasted)},
		{name: "ingest-add", private: true, update: true, run: kindly(addPlanned)},
		{name: "remove", private: true, update: true, run: kindly(removePlanned)},
		{name: "cancel", private: true, update: true, run: kindly(cancelPlan)},
	}
}
