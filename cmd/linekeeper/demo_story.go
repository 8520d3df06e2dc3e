package main

// story is what a simulated call is about.
type story struct {
	subject     string // of its ticket
	text        string
	disposition string // of the seed's catalogue
	note        string
}

// stories are a first line's daily bread.
var stories = []story{
	{
		"Mot de passe expiré", "Mot de passe Windows expiré pendant les congés ; l'utilisateur n'est plus sur le domaine.",
		"resolved", "Identité vérifiée, mot de passe réinitialisé, connexion testée avec l'utilisateur.",
	},
	{
		"Imprimante du 2e étage hors ligne", "Les impressions restent en file depuis ce matin, plusieurs postes concernés.",
		"known-incident", "Rattaché à l'incident imprimantes en cours ; l'utilisatrice sera prévenue au rétablissement.",
	},
	{
		"Messagerie : pièces jointes bloquées", "Les pièces jointes de plus de 10 Mo partent en erreur depuis la mise à jour.",
		"escalated", "Reproduit sur un second poste. Transmis au niveau 2 avec les en-têtes du message.",
	},
	{
		"VPN qui coupe toutes les dix minutes", "Télétravail, connexion filaire, coupures régulières depuis lundi.",
		"follow-up", "Client VPN mis à jour ; rappeler demain matin pour confirmer.",
	},
	{
		"Accès au dossier partagé Compta", "Nouvelle arrivée dans le service, besoin du dossier partagé en lecture.",
		"follow-up", "Demande d'accord envoyée à sa cheffe de service, accès ouvert dès réception.",
	},
	{
		"Écran noir après mise à jour", "Le portable reste sur un écran noir depuis la mise à jour de la nuit.",
		"resolved", "Mode sans échec, pilote graphique rétabli. Fonctionne.",
	},
	{
		"Application de paie : droits manquants", "Message « droits insuffisants » à l'ouverture du module congés.",
		"escalated", "Profil comparé à celui d'un collègue : un rôle manque. Transmis à l'équipe applicative.",
	},
	{
		"Question sur la double authentification", "Changement de téléphone prévu, l'utilisatrice demande la marche à suivre.",
		"information", "Procédure expliquée et envoyée par courriel.",
	},
	{
		"Message suspect reçu", "Courriel qui demande de confirmer un mot de passe, lien non ouvert.",
		"escalated", "Message transmis en pièce jointe à la sécurité ; rappel de ne pas cliquer.",
	},
	{
		"Appel pour un autre service", "La personne cherchait les ressources humaines.",
		"wrong-number", "Numéro des ressources humaines donné.",
	},
}
